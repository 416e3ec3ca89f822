apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
    - port: 80
